using System.CommandLine;
namespace Vigie.Commands;
static class CheckCommand { public static Command Create() => new("check"); }
static class TestCommand { public static Command Create() => new("test"); }
static class ByteSize { public static bool TryParse(string t, out long b) { b = 0; return true; } }
