namespace WebChat.Shared;

/// <summary>
/// The words of the frame around every page. A key is the English sentence itself; <c>Texts.zh-Hans.resx</c> beside
/// this file holds the Chinese one. Each feature has such a pair of its own.
/// </summary>
internal sealed class Texts;
