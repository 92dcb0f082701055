namespace LogAudit.Forwarding;

/// <summary>An OCSF class: what an event of it must hold, and how its activities are told.</summary>
/// <remarks>Source: OCSF schema 1.6.0, <c>events/</c>; classes of the log kinds in the product files.</remarks>
/// <param name="Uid">Class uid; its thousands are the category.</param>
/// <param name="Needs">Objects that must be there, beside those that every class has; of each list at least one.</param>
/// <param name="Activities">Activity uid by verb: an HTTP method, or what the name of an action begins with. The first that fits wins.</param>
/// <param name="Otherwise">Activity where no verb fits; 99 is "other", which then carries its name.</param>
internal sealed record OcsfClass(
    int Uid,
    string[][] Needs,
    (string Verb, int Activity)[] Activities,
    int Otherwise = OcsfClass.Other
)
{
    /// <summary>Activity "other".</summary>
    public const int Other = 99;

    private static readonly (string, int)[] Crud =
    [
        .. Verbs(1, "create", "run", "add", "put", "allocate", "import", "post"),
        .. Verbs(2, "describe", "get", "list", "query", "lookup", "check", "watch", "head"),
        .. Verbs(3, "modify", "update", "set", "change", "reset", "patch", "start", "stop", "attach", "detach"),
        .. Verbs(4, "delete", "remove", "release", "terminate"),
    ];

    private static readonly (string, int)[] Http =
    [
        ("connect", 1),
        ("delete", 2),
        ("get", 3),
        ("head", 4),
        ("options", 5),
        ("post", 6),
        ("put", 7),
        ("trace", 8),
        ("patch", 9),
    ];

    private static readonly (string, int)[] Statements =
    [
        .. Verbs(4, "select", "show", "desc", "explain"),
        .. Verbs(2, "update", "alter"),
        .. Verbs(3, "login", "logout", "connect"),
        .. Verbs(5, "insert", "replace", "load"),
        ("create", 6),
        .. Verbs(7, "delete", "drop", "truncate"),
    ];

    private static readonly (string, int)[] Hosting =
    [
        .. Verbs(1, "put", "post", "append", "upload", "init", "complete"),
        .. Verbs(2, "get"),
        .. Verbs(4, "delete"),
        .. Verbs(6, "copy"),
        .. Verbs(8, "restore"),
        .. Verbs(17, "head"),
    ];

    private static readonly OcsfClass[] All =
    [
        new(
            1001,
            [
                ["actor"],
                ["device"],
                ["file"],
            ],
            [.. Crud]
        ),
        new(
            1007,
            [
                ["actor"],
                ["device"],
                ["process"],
            ],
            [],
            Otherwise: 1
        ),
        new(
            2002,
            [
                ["vulnerabilities"],
            ],
            [],
            Otherwise: 1
        ),
        new(
            2003,
            [
                ["compliance"],
            ],
            [],
            Otherwise: 1
        ),
        new(2004, [], [], Otherwise: 1),
        new(
            3002,
            [
                ["user"],
            ],
            [.. Verbs(2, "logout", "logoff", "signout")],
            Otherwise: 1
        ),
        new(
            3004,
            [
                ["entity"],
            ],
            Crud
        ),
        new(
            4001,
            [
                ["dst_endpoint", "src_endpoint"],
            ],
            [],
            Otherwise: 6
        ),
        new(
            4002,
            [
                ["http_request", "http_response"],
            ],
            Http
        ),
        new(
            4003,
            [
                ["dst_endpoint", "src_endpoint"],
            ],
            [],
            Otherwise: 1
        ),
        new(
            5001,
            [
                ["device"],
            ],
            [],
            Otherwise: 1
        ),
        new(
            5003,
            [
                ["user"],
            ],
            [],
            Otherwise: 1
        ),
        new(
            6002,
            [
                ["app"],
            ],
            []
        ),
        new(
            6003,
            [
                ["actor"],
                ["api"],
                ["src_endpoint"],
            ],
            Crud
        ),
        new(
            6005,
            [
                ["actor"],
                ["src_endpoint"],
                ["database", "databucket", "table"],
            ],
            Statements,
            Otherwise: 4
        ),
        new(
            6006,
            [
                ["actor"],
                ["file"],
                ["src_endpoint"],
            ],
            Hosting
        ),
        new(6008, [], [], Otherwise: 1),
    ];

    /// <summary>The class of a uid; the base event for one that is not known here.</summary>
    public static OcsfClass Of(int uid) => Array.Find(All, one => one.Uid == uid) ?? Base;

    /// <summary>The class of events that cannot fill their own.</summary>
    public static OcsfClass Base { get; } = new(0, [], []);

    private static IEnumerable<(string, int)> Verbs(int activity, params string[] verbs) =>
        verbs.Select(verb => (verb, activity));
}
