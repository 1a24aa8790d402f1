using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Vigie.Protocols.Compression;

namespace Vigie.Server.Http;

/// <summary>Answers in zstd for clients that ask for it, where the system has the library; in gzip or Brotli otherwise.</summary>
static class ZstdResponses
{
    public static void Configure(ResponseCompressionOptions options)
    {
        if (ZstdStream.IsAvailable) options.Providers.Add(new Provider());
        options.Providers.Add(new GzipCompressionProvider(new Options { Level = CompressionLevel.Fastest }));
        options.Providers.Add(new BrotliCompressionProvider(new BrotliOptions { Level = CompressionLevel.Fastest }));
    }

    sealed class Options : GzipCompressionProviderOptions, Microsoft.Extensions.Options.IOptions<GzipCompressionProviderOptions>
    {
        public GzipCompressionProviderOptions Value => this;
    }

    sealed class BrotliOptions : BrotliCompressionProviderOptions, Microsoft.Extensions.Options.IOptions<BrotliCompressionProviderOptions>
    {
        public BrotliCompressionProviderOptions Value => this;
    }

    sealed class Provider : ICompressionProvider
    {
        /// <summary>Fast enough not to be felt; better than gzip's fastest.</summary>
        const int Level = 1;

        public string EncodingName => "zstd";
        public bool SupportsFlush => true;
        public Stream CreateStream(Stream outputStream) => new ZstdStream(outputStream, Level);
    }
}
