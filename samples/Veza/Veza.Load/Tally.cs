using System.Net;

namespace Veza.Load;

/// <summary>Counts of answers.</summary>
sealed class Tally
{
    long _ok;
    long _clientErrors;
    long _serverErrors;
    long _unreachable;

    public long Total => Interlocked.Read(ref _ok) + Interlocked.Read(ref _clientErrors) + Interlocked.Read(ref _serverErrors);

    public void Add(HttpStatusCode status)
    {
        if ((int)status >= 500) Interlocked.Increment(ref _serverErrors);
        else if ((int)status >= 400) Interlocked.Increment(ref _clientErrors);
        else Interlocked.Increment(ref _ok);
    }

    public void AddUnreachable() => Interlocked.Increment(ref _unreachable);

    public override string ToString() =>
        $"ok {Interlocked.Read(ref _ok)}  4xx {Interlocked.Read(ref _clientErrors)}  5xx {Interlocked.Read(ref _serverErrors)}  "
        + $"unreachable {Interlocked.Read(ref _unreachable)}";
}
