using Veza.BackendApi;
using Veza.Shared;

var builder = VezaService.CreateBuilder(args, "veza-backend-api", defaultPort: 8080);
builder.Services.AddSingleton(new Dependencies(new Dictionary<string, string>
{
    ["veza-chat-server"] = (builder.Configuration["chat-url"] ?? "http://localhost:8081") + "/live",
    ["veza-stream-server"] = (builder.Configuration["stream-url"] ?? "http://localhost:8082") + "/live",
}));
builder.Services.AddSingleton<Users>();
builder.Services.AddSingleton<Library>();
builder.Services.AddSingleton<Shop>();

var app = builder.BuildVeza();
app.MapUsers();
app.MapLibrary();
app.MapShop();
app.Run();
