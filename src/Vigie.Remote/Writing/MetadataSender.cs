using Microsoft.Extensions.Logging;
using Vigie.Model;
using Vigie.Protocols.Compression;
using Vigie.Protocols.RemoteWrite;

namespace Vigie.Remote;

/// <summary>Sends the metadata of all metrics now and then, as version 1.0 has it: in requests of their own. One loop.</summary>
sealed class MetadataSender(WriteTarget target, Func<IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>>> metadata)
{
    readonly RemoteWriteEncoderV1 _encoder = new();
    readonly SnappyBlockEncoder _snappy = new();

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(target.Config.Metadata.SendInterval, target.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false)) await SendAllAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    async Task SendAllAsync(CancellationToken stop)
    {
        int count = 0;
        _encoder.Begin(s_noPool);
        foreach (var (family, entries) in metadata())
        {
            _encoder.AddMetadata(family, entries[^1]);
            if (++count < target.Config.Metadata.MaxSamplesPerSend) continue;
            await SendAsync(count, stop).ConfigureAwait(false);
            _encoder.Begin(s_noPool);
            count = 0;
        }
        if (count > 0) await SendAsync(count, stop).ConfigureAwait(false);
    }

    static readonly SymbolPool s_noPool = new();

    async Task SendAsync(int count, CancellationToken stop)
    {
        var message = _encoder.Finish();
        var body = new byte[SnappyBlockEncoder.EncodedLengthMax(message.Length)];
        int length = _snappy.Encode(message, body);
        var (name, url) = (target.Destination.Name, target.Destination.Url);
        var backoff = target.Config.Queue.MinBackoff;
        for (int attempt = 0; ; attempt++)
        {
            var result = await target.Client.SendAsync(body.AsMemory(0, length), _encoder.ContentType, _encoder.Version, attempt, stop)
                .ConfigureAwait(false);
            target.Metrics.MetadataBytes.Add(length, name, url);
            if (result.Outcome == SendOutcome.Delivered)
            {
                target.Metrics.MetadataSent.Add(count, name, url);
                return;
            }
            if (result.Outcome == SendOutcome.Rejected)
            {
                target.Metrics.MetadataFailed.Add(count, name, url);
                target.Logger.LogMetadataRejected(target.Name, result.Problem);
                return;
            }
            target.Metrics.MetadataRetried.Add(count, name, url);
            var wait = result.RetryAfter ?? backoff;
            await Task.Delay(wait, target.Clock, stop).ConfigureAwait(false);
            backoff = wait * 2 < target.Config.Queue.MaxBackoff ? wait * 2 : target.Config.Queue.MaxBackoff;
        }
    }
}
