using Microsoft.AspNetCore.Mvc;

namespace WebChat.Rooms;

/// <summary>The bar of places with its badges, on every signed-in page.</summary>
internal sealed class RailViewComponent : ViewComponent
{
    public IViewComponentResult Invoke() => Content("");
}
