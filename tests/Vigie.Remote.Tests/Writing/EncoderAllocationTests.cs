using Vigie.Model;
using Vigie.Protocols.Compression;
using Vigie.Protocols.RemoteWrite;
using Vigie.Remote;
using Vigie.Testing;

namespace Vigie.Remote.Tests.Writing;

public class EncoderAllocationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EncodingARequest_AllocatesNothing(bool isVersion2)
    {
        var table = new SeriesTable([], Labels.Empty, isVersion2);
        for (int i = 0; i < 500; i++) table.Define(i, Labels.Of(("__name__", "requests_total"), ("instance", $"host{i}:9100"), ("job", "api")));
        var batch = new WriteBatch(2000);
        IRemoteWriteEncoder encoder = isVersion2 ? new RemoteWriteEncoderV2() : new RemoteWriteEncoderV1();
        var snappy = new SnappyBlockEncoder();
        var output = new byte[1 << 20];
        int Round()
        {
            batch.Begin(table.Pool, default);
            for (int i = 0; i < 2000; i++) batch.Add(table[i % 500].Encoded!, 1_700_000_000_000 + i, i, default);
            return snappy.Encode(batch.Encode(encoder), output);
        }
        for (int i = 0; i < 3; i++) Round();
        int bytes = 0;
        Assert.Equal(0, Allocations.Of(() => bytes = Round()));
        Assert.InRange(bytes, 1000, isVersion2 ? 60_000 : 80_000);
    }
}
