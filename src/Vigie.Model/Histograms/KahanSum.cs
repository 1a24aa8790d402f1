using System.Runtime.CompilerServices;

namespace Vigie.Model;

/// <summary>
/// Summation with Neumaier's variant of Kahan's compensation (Neumaier 1974), step for step as Prometheus does it (util/kahansum), so that sums
/// agree to the last bit. The result is <c>sum + compensation</c>.
/// </summary>
public static class KahanSum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(double value, ref double sum, ref double compensation)
    {
        double total = sum + value;
        if (double.IsInfinity(total)) compensation = 0;
        else if (Math.Abs(sum) >= Math.Abs(value)) compensation += (sum - total) + value;
        else compensation += (value - total) + sum;
        sum = total;
    }
}
