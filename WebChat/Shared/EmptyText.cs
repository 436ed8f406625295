using System.Reflection;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;

namespace WebChat.Shared;

/// <summary>An empty field binds to an empty string where the property says <c>string</c>, and to null where it says <c>string?</c>.</summary>
internal sealed class EmptyText : IDisplayMetadataProvider
{
    public void CreateDisplayMetadata(DisplayMetadataProviderContext context)
    {
        if (context.Key.ModelType != typeof(string))
            return;
        var nullability = new NullabilityInfoContext();
        var state = context.Key switch
        {
            { PropertyInfo: { } property } => nullability.Create(property).WriteState,
            { ParameterInfo: { } parameter } => nullability.Create(parameter).WriteState,
            _ => NullabilityState.Unknown,
        };
        if (state == NullabilityState.NotNull)
            context.DisplayMetadata.ConvertEmptyStringToNull = false;
    }
}
