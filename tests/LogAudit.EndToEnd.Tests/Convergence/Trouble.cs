namespace LogAudit.EndToEnd.Tests.Convergence;

/// <summary>Kinds of trouble that an estate and its functions can have.</summary>
internal enum Trouble
{
    /// <summary>Somebody creates a resource.</summary>
    Create,

    /// <summary>Somebody deletes one.</summary>
    Delete,

    /// <summary>Somebody gives one the tag that the policy expression drops.</summary>
    Tag,

    /// <summary>Somebody takes the tag away.</summary>
    Untag,

    /// <summary>Somebody turns a collection off by hand: a switch, a collection policy or the trail.</summary>
    SwitchOff,

    /// <summary>Calls fail while a function runs: refused, throttled, cut, without answer, with a body that cannot be read.</summary>
    ApiError,

    /// <summary>Writes take effect while a function runs, and their answers are lost.</summary>
    LostAnswer,

    /// <summary>A function is killed after some of its writes; the next one starts with nothing in memory.</summary>
    Kill,

    /// <summary>Two functions run at once, one of them for a single event.</summary>
    Overlap,
}
