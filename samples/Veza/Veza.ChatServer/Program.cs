using Veza.ChatServer;
using Veza.Shared;

var builder = VezaService.CreateBuilder(args, "veza-chat-server", defaultPort: 8081);
builder.Services.AddSingleton<Rooms>();
builder.Services.AddSingleton<EventBus>();
builder.Services.AddSingleton<Moderation>();
builder.Services.AddSingleton<MessageQueue>();
builder.Services.AddSingleton<Sockets>();
builder.Services.AddHostedService(services => services.GetRequiredService<MessageQueue>());

var app = builder.BuildVeza();
app.MapChat();
app.Run();
