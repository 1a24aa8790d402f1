using System.Text;
using Vigie.Model;
using Vigie.Protocols.Protobuf;
using MatchType = Vigie.Model.MatchType;

namespace Vigie.Protocols.RemoteRead;

/// <summary>How an answer to remote read is made; numbers as on the wire.</summary>
public enum RemoteReadResponseType
{
    /// <summary>One ReadResponse message, compressed with snappy.</summary>
    Samples = 0,
    /// <summary>A stream of ChunkedReadResponse frames with Prometheus chunks.</summary>
    StreamedXorChunks = 1,
}

/// <summary>One query of a remote read request.</summary>
/// <param name="Range">Inclusive on both ends, Unix milliseconds.</param>
public sealed record RemoteReadQuery(TimeRange Range, LabelMatcher[] Matchers, SelectHints Hints);

/// <summary>
/// A ReadRequest (prometheus prompb/remote.proto): the queries, and the types of answer the client takes, the ones it likes best first.
/// </summary>
public sealed record RemoteReadRequest(IReadOnlyList<RemoteReadQuery> Queries, IReadOnlyList<RemoteReadResponseType> Accepted)
{
    const int QueriesMax = 1000, MatchersMax = 1000;

    /// <exception cref="ProtocolException">The message is malformed, or a matcher is none.</exception>
    public static RemoteReadRequest Read(ReadOnlySpan<byte> message)
    {
        var queries = new List<RemoteReadQuery>();
        var accepted = new List<RemoteReadResponseType>();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                if (queries.Count == QueriesMax) throw new ProtocolException($"remote read: found more than {QueriesMax} queries");
                queries.Add(ReadQuery(reader.ReadBytes()));
            }
            else if (reader.Field == 2)
            {
                var types = reader.ReadList(WireType.Varint);
                while (!types.AtEnd) accepted.Add((RemoteReadResponseType)types.ReadInt32());
            }
            else
            {
                reader.Skip();
            }
        }
        return new RemoteReadRequest(queries, accepted);
    }

    public byte[] ToBytes()
    {
        var output = new ProtobufWriter();
        foreach (var query in Queries)
        {
            int start = output.Begin(1);
            output.Int64(1, query.Range.StartMs);
            output.Int64(2, query.Range.EndMs);
            foreach (var matcher in query.Matchers)
            {
                int message = output.Begin(3);
                output.Varint(1, (ulong)matcher.Type);
                output.Text(2, matcher.Name);
                output.Text(3, matcher.Value);
                output.End(message);
            }
            WriteHints(output, query);
            output.End(start);
        }
        foreach (var type in Accepted) output.Varint(2, (ulong)type);
        return output.Written.ToArray();
    }

    static void WriteHints(ProtobufWriter output, RemoteReadQuery query)
    {
        int start = output.Begin(4);
        output.Int64(1, query.Hints.StepMs);
        output.Text(2, query.Hints.Function ?? "");     // null in hints nobody filled in
        output.Int64(3, query.Range.StartMs);
        output.Int64(4, query.Range.EndMs);
        output.Int64(7, query.Hints.RangeMs);
        output.End(start);
    }

    static RemoteReadQuery ReadQuery(ReadOnlySpan<byte> message)
    {
        long start = 0, end = 0;
        var matchers = new List<LabelMatcher>();
        var hints = default(SelectHints);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: start = reader.ReadInt64(); break;
                case 2: end = reader.ReadInt64(); break;
                case 3 when matchers.Count == MatchersMax: throw new ProtocolException($"remote read: found more than {MatchersMax} matchers");
                case 3: matchers.Add(ReadMatcher(reader.ReadBytes())); break;
                case 4: hints = ReadHints(reader.ReadBytes()); break;
                default: reader.Skip(); break;
            }
        }
        return new RemoteReadQuery(new TimeRange(start, end), [.. matchers], hints);
    }

    static LabelMatcher ReadMatcher(ReadOnlySpan<byte> message)
    {
        ulong type = 0;
        string name = "", value = "";
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: type = reader.ReadVarint(); break;
                case 2: name = Text(reader.ReadBytes()); break;
                case 3: value = Text(reader.ReadBytes()); break;
                default: reader.Skip(); break;
            }
        }
        if (type > (ulong)MatchType.NotRegex) throw new ProtocolException("invalid matcher type");
        try
        {
            return new LabelMatcher((MatchType)type, name, value);
        }
        catch (FormatException problem)
        {
            throw new ProtocolException(problem.Message);
        }
    }

    static SelectHints ReadHints(ReadOnlySpan<byte> message)
    {
        long step = 0, range = 0;
        string function = "";
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: step = reader.ReadInt64(); break;
                case 2: function = Text(reader.ReadBytes()); break;
                case 7: range = reader.ReadInt64(); break;
                default: reader.Skip(); break;
            }
        }
        return new SelectHints(step, range, function);
    }

    static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
