using Vigie.Model;
using Vigie.Protocols.RemoteRead;
using MatchType = Vigie.Model.MatchType;

namespace Vigie.Protocols.Tests.RemoteRead;

public sealed class RemoteReadRequestTests
{
    static byte[] Request(int matchers) => new RemoteReadRequest(
        [new RemoteReadQuery(new TimeRange(1, 2), [.. Enumerable.Repeat(new LabelMatcher(MatchType.Equal, "a", "b"), matchers)], default)],
        [RemoteReadResponseType.StreamedXorChunks, RemoteReadResponseType.Samples]).ToBytes();

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var read = RemoteReadRequest.Read(Request(1000));
        Assert.Equal(1000, Assert.Single(read.Queries).Matchers.Length);
        Assert.Equal([RemoteReadResponseType.StreamedXorChunks, RemoteReadResponseType.Samples], read.Accepted);
    }

    /// <summary>Fewer matchers would select more than was asked for.</summary>
    [Fact]
    public void Read_MoreMatchersThanAllowed_IsRefused()
    {
        byte[] request = Request(1001);
        Assert.Equal("remote read: found more than 1000 matchers", Assert.Throws<ProtocolException>(() => RemoteReadRequest.Read(request)).Message);
    }

    [Theory]
    [InlineData(new byte[] { 16, 1, 16, 0 })]
    [InlineData(new byte[] { 18, 2, 1, 0 })]
    public void Read_AcceptedTypes_PackedOrNot(byte[] request) =>
        Assert.Equal([RemoteReadResponseType.StreamedXorChunks, RemoteReadResponseType.Samples], RemoteReadRequest.Read(request).Accepted);
}
