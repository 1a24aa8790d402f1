using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.RemoteWrite;

/// <summary>The Sample message, the same in both versions: value 1, timestamp 2.</summary>
static class SampleMessage
{
    const int ValueBytes = 9;

    /// <summary>Bytes of the content.</summary>
    public static int SizeOf(long timestampMs) => ValueBytes + 1 + ProtobufWriter.SizeOfVarint(unchecked((ulong)timestampMs));

    public static void Write(ProtobufWriter output, int field, long timestampMs, double value)
    {
        output.LengthPrefix(field, SizeOf(timestampMs));
        output.Double(1, value);
        output.Int64(2, timestampMs);
    }
}
