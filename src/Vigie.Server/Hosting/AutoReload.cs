using Vigie.Configuration;

namespace Vigie.Server.Hosting;

/// <summary>
/// Reloads the configuration when a file of it has changed (Prometheus: --enable-feature=auto-reload-config): any that the last load read, and any
/// that came into or left a folder it looked into. One that is refused is tried again when it changes again.
/// </summary>
sealed class AutoReload : IDisposable
{
    readonly ConfigurationReloader _reloader;
    readonly Func<Task> _reloadAsync;
    readonly ITimer _timer;
    string? _refused;
    int _busy;

    /// <param name="reloadAsync">Reloads; what goes wrong is in the log and in <see cref="ConfigurationReloader.LastSucceeded"/>.</param>
    public AutoReload(ConfigurationReloader reloader, Func<Task> reloadAsync, TimeSpan interval, TimeProvider clock)
    {
        (_reloader, _reloadAsync) = (reloader, reloadAsync);
        _timer = clock.CreateTimer(_ => _ = CheckAsync(), null, interval, interval);
    }

    public void Dispose() => _timer.Dispose();

    async Task CheckAsync()
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0) return;
        try
        {
            var seen = _reloader.Current.Sources;
            string now = seen.DigestNow();
            if (now == _refused || (now == seen.Digest && _reloader.LastSucceeded)) return;
            await _reloadAsync();
            _refused = _reloader.LastSucceeded ? null : now;
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }
}
