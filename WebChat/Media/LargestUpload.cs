using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Media;

/// <summary>Lets a page take as much as a form with files may weigh at the moment it is sent, as <see cref="LargestBodyAttribute"/> does for a weight that stays.</summary>
internal sealed class LargestUpload(IOptionsMonitor<Limits> limits) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => Uploads.MostBodyBytes(limits.CurrentValue) ?? long.MaxValue;
}
