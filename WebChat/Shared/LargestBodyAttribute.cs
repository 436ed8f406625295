using Microsoft.AspNetCore.Http.Metadata;

namespace WebChat.Shared;

/// <summary>
/// Lets a page take a larger body than <see cref="HostileInput.MostBytes"/>. Routing applies it, before anything reads the form.
/// MVC's own attribute does the same, and then warns at every post that it could not do it once more.
/// </summary>
/// <param name="bytes">The largest body, in bytes.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class LargestBodyAttribute(long bytes) : Attribute, IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;
}
