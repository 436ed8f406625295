using WebChat.Media;

namespace WebChat.Messages.Links;

/// <summary>What a link leads to, in a few words and a picture.</summary>
/// <param name="Title">At most 200 characters.</param>
/// <param name="Description">At most 300 characters.</param>
/// <param name="Site">The host that answered; what a page calls itself anybody can write.</param>
/// <param name="Address">The address as the sender gave it.</param>
/// <param name="Picture">Its picture, stored with the message.</param>
internal sealed record LinkCard(string Title, string? Description, string Site, string Address, MediaFile? Picture)
{
    /// <summary>The host as machines write it, so that no letter looks like another; the part that most have in common is left out.</summary>
    public static string SiteOf(Uri address) => address.IdnHost.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? address.IdnHost[4..] : address.IdnHost;
}

/// <summary>A link card before its picture is stored.</summary>
/// <param name="Title">At most 200 characters.</param>
/// <param name="Description">At most 300 characters.</param>
/// <param name="Site">The host that answered.</param>
/// <param name="Address">The address that was asked for.</param>
/// <param name="PictureAddress">Where the page says its picture is.</param>
/// <param name="Picture">The picture, if it could be had.</param>
internal sealed record FetchedLink(string Title, string? Description, string Site, Uri Address, Uri? PictureAddress, FetchedPicture? Picture)
{
    /// <summary>The card, with its picture once that is stored.</summary>
    public LinkCard ToCard(MediaFile? picture) => new(Title, Description, Site, Address.AbsoluteUri, picture);
}

/// <summary>A picture from a page: PNG, JPEG, WebP or GIF by its first bytes, at most 512 KB, not checked further.</summary>
internal sealed record FetchedPicture(string Type, byte[] Bytes);
