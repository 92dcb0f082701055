namespace LogAudit.LocalCloud.Kernel;

/// <summary>Types of the official parameter metadata.</summary>
internal enum ApiType
{
    String,
    Integer,
    Long,
    Boolean,

    /// <summary>Flattened list: <c>Name.1</c>, <c>Name.1.Sub</c>.</summary>
    RepeatList,

    /// <summary>List whose wire style the metadata leaves open: flattened, a JSON text or a comma list.</summary>
    Array,

    /// <summary>JSON text (RPC) or a body member of any shape (ROA).</summary>
    Json,

    /// <summary>Object: flattened with dots, or a JSON text.</summary>
    Struct,
}

internal enum ApiPosition
{
    /// <summary>Query; RPC services take it from the form body too.</summary>
    Query,
    Path,
    Body,
    FormData,
    Header,
}

/// <summary>A parameter that an action knows. What is not declared is refused.</summary>
internal sealed record ApiParameter(
    string Name,
    ApiType Type,
    bool Required = false,
    ApiPosition Position = ApiPosition.Query
)
{
    public static ApiParameter Text(string name) => new(name, ApiType.String);

    public static ApiParameter RequiredText(string name) => new(name, ApiType.String, Required: true);

    public static ApiParameter Integer(string name) => new(name, ApiType.Integer);

    public static ApiParameter Long(string name) => new(name, ApiType.Long);

    public static ApiParameter Boolean(string name) => new(name, ApiType.Boolean);

    public static ApiParameter List(string name) => new(name, ApiType.RepeatList);

    public static ApiParameter Array(string name) => new(name, ApiType.Array);

    public static ApiParameter Json(string name) => new(name, ApiType.Json);

    public static ApiParameter Struct(string name) => new(name, ApiType.Struct);

    public static ApiParameter Path(string name) => new(name, ApiType.String, Required: true, ApiPosition.Path);

    public static ApiParameter Body(string name, ApiType type = ApiType.Json, bool required = false) =>
        new(name, type, required, ApiPosition.Body);

    /// <summary>As this one, but required.</summary>
    public ApiParameter Needed() => this with { Required = true };
}
