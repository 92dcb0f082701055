// What a cold start costs at least: Kestrel that says hello, published as the functions are.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable("FC_SERVER_PORT")}");
var app = builder.Build();
app.Run(context => context.Response.WriteAsync("hello", context.RequestAborted));
app.Run();
