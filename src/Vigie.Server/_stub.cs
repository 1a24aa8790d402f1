namespace Vigie.Configuration.Vigie { static class VigieConfigLoader { public static VigieConfig? Load(string p, string f, ConfigProblems c) => new(); } }
namespace Vigie.Configuration.AlertPolicy { static class AlertPolicyLoader { public static AlertPolicyConfig? Load(string p, string f, ConfigProblems c) => null; } }
