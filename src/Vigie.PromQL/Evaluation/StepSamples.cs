using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Vigie.PromQL;

/// <summary>The samples of several steps at a time. Needs AVX2.</summary>
static class StepSamples
{
    /// <summary>Four samples by their places; neighbours, which they are if the steps are as far apart as the samples, come in one load.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<double> Load(double* samples, Vector128<int> places) =>
        Vector128.EqualsAll(places, Vector128.Create(places.ToScalar()) + Vector128.Create(0, 1, 2, 3))
            ? Vector256.Load(samples + places.ToScalar())
            : Avx2.GatherVector256(samples, places, sizeof(double));
}
