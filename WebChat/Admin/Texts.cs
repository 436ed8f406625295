namespace WebChat.Admin;

/// <summary>The words of this feature: English keys, Chinese in <c>Texts.zh-Hans.resx</c>.</summary>
internal sealed class Texts;
