using System.Text;

// A function for tests of LocalCloud's Function Compute: does what the event's text says, and tells what it was given.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable("FC_SERVER_PORT")}");
var app = builder.Build();
var initialised = false;
app.MapPost(
    "/initialize",
    () =>
    {
        initialised = true;
        return Results.Ok();
    }
);
app.MapGet(
    "/pre-stop",
    () =>
    {
        Console.WriteLine("stopping");
        return Results.Ok();
    }
);
app.MapPost(
    "/invoke",
    async (HttpContext context) =>
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        Console.WriteLine($"FC Invoke Start RequestId: {context.Request.Headers["x-fc-request-id"]}");
        switch (text)
        {
            case "fail":
                context.Response.Headers["x-fc-status"] = "404";
                return Results.Text("asked to fail", statusCode: 404);
            case "fail softly":
                context.Response.Headers["x-fc-status"] = "404";
                return Results.Text("asked to fail");
            case "hang":
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                return Results.Ok();
            case "crash":
                Environment.Exit(3);
                return Results.Ok();
            default:
                context.Response.Headers["x-fc-status"] = "200";
                return Results.Text(
                    $"{text}|pid {Environment.ProcessId}|init {initialised}|key {context.Request.Headers["x-fc-access-key-id"]}|{Environment.GetEnvironmentVariable("GREETING")}"
                );
        }
    }
);
app.Run();
