using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using WebChat.Storage;

namespace WebChat.Media;

/// <summary>Files as objects under <c>media/</c> in a bucket of S3-compatible storage, which all nodes share.</summary>
internal sealed partial class S3Files(S3Options options, ILogger<S3Files> logger) : IMediaFiles, IDisposable
{
    private const string Prefix = "media/";

    private readonly AmazonS3Client client = new(new BasicAWSCredentials(options.AccessKey, options.SecretKey), new AmazonS3Config
    {
        ServiceURL = options.Endpoint,
        ForcePathStyle = true,
        AuthenticationRegion = string.IsNullOrEmpty(options.Region) ? "us-east-1" : options.Region,
        Timeout = options.Patience,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxErrorRetry = 1,
        // Not every such storage knows the newer check sums; the signature covers the content already.
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    /// <summary>What the settings name has to be there; whether it answers just now does not keep anybody from starting.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        try
        {
            await TryAsync(c => client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = Prefix, MaxKeys = 1 }, c), cancel);
        }
        catch (StorageUnavailableException error) when (error.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound })
        {
            throw new InvalidOperationException($"WebChat__Media__S3__Bucket: there is no bucket \"{options.Bucket}\" at {options.Endpoint}. Make it, or name another.", error);
        }
        catch (StorageUnavailableException error) when (error.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized })
        {
            throw new InvalidOperationException($"WebChat__Media__S3__AccessKey and __SecretKey: {options.Endpoint} does not let them into the bucket \"{options.Bucket}\".", error);
        }
        catch (StorageUnavailableException error)
        {
            Log.Away(logger, options.Endpoint!, error);
        }
    }

    public Task PutAsync(string name, Stream content, CancellationToken cancel) =>
        TryAsync(c => client.PutObjectAsync(new PutObjectRequest { BucketName = options.Bucket, Key = Prefix + name, InputStream = content, AutoCloseStream = false, UseChunkEncoding = false }, c), cancel);

    public async Task<Stream?> OpenAsync(string name, CancellationToken cancel)
    {
        try
        {
            var facts = await TryAsync(c => client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = options.Bucket, Key = Prefix + name }, c), cancel);
            return new S3Stream(facts.ContentLength, (from, c) =>
                TryAsync(t => client.GetObjectAsync(new GetObjectRequest { BucketName = options.Bucket, Key = Prefix + name, ByteRange = new ByteRange(from, facts.ContentLength - 1) }, t), c), options.Patience);
        }
        catch (StorageUnavailableException error) when (error.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
    }

    public Task RemoveAsync(string name, CancellationToken cancel) =>
        TryAsync(c => client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = options.Bucket, Key = Prefix + name }, c), cancel);

    public async IAsyncEnumerable<(string Name, DateTimeOffset Stored)> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = Prefix };
        do
        {
            var page = await TryAsync(c => client.ListObjectsV2Async(request, c), cancel);
            foreach (var found in page.S3Objects ?? [])
                yield return (found.Key[Prefix.Length..], found.LastModified ?? DateTimeOffset.MaxValue);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
    }

    public void Dispose() => client.Dispose();

    private static async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        try
        {
            return await ask(cancel);
        }
        catch (Exception error) when (error is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new StorageUnavailableException(error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The object storage at {Endpoint} does not answer; files can be neither sent nor seen until it does")]
        public static partial void Away(ILogger logger, string endpoint, Exception error);
    }
}
