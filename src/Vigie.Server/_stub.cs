namespace Vigie.Configuration.Vigie { static class VigieConfigLoader { public static VigieConfig? Load(string p, string f, ConfigProblems c) => new(); } }
namespace Vigie.Configuration.AlertPolicy { static class AlertPolicyLoader { public static AlertPolicyConfig? Load(string p, string f, ConfigProblems c) => null; } }
namespace Vigie.Configuration.Alertmanager { static class AlertmanagerConfigLoader { public static AlertmanagerConfig? Load(string p, string t, IConfigFiles f, ConfigProblems c) => null; } }
namespace Vigie.Server.Hosting { sealed class NullAlertSink : Vigie.Model.IAlertSink { public ValueTask SendAsync(IReadOnlyList<Vigie.Model.Alert> a, CancellationToken c) => default; } }
