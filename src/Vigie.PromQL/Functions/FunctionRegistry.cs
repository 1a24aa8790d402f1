using System.Collections.Frozen;

namespace Vigie.PromQL;

/// <summary>All functions. A new one is a file and a line here (and its signature in <see cref="FunctionTable"/>).</summary>
static class FunctionRegistry
{
    static readonly FrozenDictionary<string, PromFunction> s_all = new Dictionary<string, PromFunction>(StringComparer.Ordinal)
    {
        ["rate"] = new RangeCall(new RateFunction(isCounter: true, perSecond: true)),
        ["increase"] = new RangeCall(new RateFunction(isCounter: true, perSecond: false)),
        ["delta"] = new RangeCall(new RateFunction(isCounter: false, perSecond: false)),
        ["irate"] = new RangeCall(new InstantRateFunction(isCounter: true)),
        ["idelta"] = new RangeCall(new InstantRateFunction(isCounter: false)),

        ["abs"] = new PointwiseFunction(Math.Abs),
        ["ceil"] = new PointwiseFunction(Math.Ceiling),
        ["floor"] = new PointwiseFunction(Math.Floor),
        ["exp"] = new PointwiseFunction(Math.Exp),
        ["sqrt"] = new PointwiseFunction(Math.Sqrt),
        ["ln"] = new PointwiseFunction(Math.Log),
        ["log2"] = new PointwiseFunction(Math.Log2),
        ["log10"] = new PointwiseFunction(Math.Log10),
        ["sin"] = new PointwiseFunction(Math.Sin),
        ["cos"] = new PointwiseFunction(Math.Cos),
        ["tan"] = new PointwiseFunction(Math.Tan),
        ["asin"] = new PointwiseFunction(Math.Asin),
        ["acos"] = new PointwiseFunction(Math.Acos),
        ["atan"] = new PointwiseFunction(Math.Atan),
        ["sinh"] = new PointwiseFunction(Math.Sinh),
        ["cosh"] = new PointwiseFunction(Math.Cosh),
        ["tanh"] = new PointwiseFunction(Math.Tanh),
        ["asinh"] = new PointwiseFunction(Math.Asinh),
        ["acosh"] = new PointwiseFunction(Math.Acosh),
        ["atanh"] = new PointwiseFunction(Math.Atanh),
        ["deg"] = new PointwiseFunction(static v => v * 180 / Math.PI),
        ["rad"] = new PointwiseFunction(static v => v * Math.PI / 180),
        ["sgn"] = new PointwiseFunction(static v => v < 0 ? -1 : v > 0 ? 1 : v),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Names => s_all.Keys;

    public static PromFunction Find(string name) =>
        s_all.TryGetValue(name, out var function) ? function : throw new InvalidOperationException($"BUG: no function {name}");
}
