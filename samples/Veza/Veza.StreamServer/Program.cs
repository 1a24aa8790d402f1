using Veza.Shared;
using Veza.StreamServer;

var builder = VezaService.CreateBuilder(args, "veza-stream-server", defaultPort: 8082);
builder.Services.AddSingleton<Streams>();
builder.Services.AddHostedService<Encoders>();

var app = builder.BuildVeza();
app.MapStreams();
app.Run();
