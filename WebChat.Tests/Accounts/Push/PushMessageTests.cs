using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WebChat.Accounts.Push;

namespace WebChat.Tests.Accounts.Push;

/// <summary>What goes to push services, against the examples that their standards publish.</summary>
public sealed class PushMessageTests
{
    [Fact]
    public void The_example_of_rfc_8291_comes_out_to_the_byte()
    {
        using var sender = Key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");

        var body = PushMessage.Encrypt(
            "When I grow up, I want to be a watermelon"u8,
            Bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"), Bytes("BTBZMqHH6r4Tts7J_aSIgg"), sender, Bytes("DGv6ra1nlYgDCS1FRnbzlw"));

        Assert.Equal(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
            Base64Url.EncodeToString(body));
    }

    [Fact]
    public void The_example_of_rfc_8291_is_read_by_the_tests_own_receiver()
    {
        using var receiver = new Receiver(Key("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94", "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"), Bytes("BTBZMqHH6r4Tts7J_aSIgg"));

        Assert.Equal("When I grow up, I want to be a watermelon",
            receiver.Read(Bytes("DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")));
    }

    [Fact]
    public void Each_message_is_read_by_its_receiver_and_by_nobody_else_and_never_the_same_twice()
    {
        using var receiver = new Receiver();
        using var other = new Receiver();
        var texts = new[] { "", "茶 🍵", new string('x', PushMessage.MostBytes) };
        foreach (var text in texts)
        {
            var body = PushMessage.Encrypt(Encoding.UTF8.GetBytes(text), receiver.Point, receiver.Auth);
            Assert.InRange(body.Length, 1, 4096);
            Assert.Equal(text, receiver.Read(body));
            Assert.ThrowsAny<CryptographicException>(() => other.Read(body));
            Assert.NotEqual(body, PushMessage.Encrypt(Encoding.UTF8.GetBytes(text), receiver.Point, receiver.Auth));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => PushMessage.Encrypt(new byte[PushMessage.MostBytes + 1], receiver.Point, receiver.Auth));
    }

    [Fact]
    public void A_point_beside_the_curve_is_no_key()
    {
        using var receiver = new Receiver();
        Assert.True(PushMessage.IsPoint(receiver.Point));
        byte[] beside = [.. receiver.Point[..64], (byte)(receiver.Point[64] ^ 1)];

        foreach (var wrong in new[] { beside, [], new byte[65], [4, .. new byte[64]], receiver.Point[..64], [2, .. receiver.Point[1..]] })
            Assert.False(PushMessage.IsPoint(wrong));
    }

    [Fact]
    public void The_example_of_rfc_8292_is_believed_and_what_we_sign_is_too()
    {
        const string example = "vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";
        Assert.Equal("https://push.example.net", Believe(example).GetProperty("aud").GetString());
        using var key = new PushKey(PushKey.Make());
        var now = DateTimeOffset.FromUnixTimeSeconds(1453523768 - 12 * 3600);

        var ours = key.Authorization(new Uri("https://push.example.net/p/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV?x"), "mailto:push@example.com", now);

        Assert.Equal(example.Split('.')[..2], ours.Split('.')[..2]); // header and claims to the letter
        Assert.Equal(1453523768, Believe(ours).GetProperty("exp").GetInt64());
        Assert.EndsWith($"k={key.Public}", ours, StringComparison.Ordinal);
        var forged = ours.Replace($"k={key.Public}", example.Split(", ")[1], StringComparison.Ordinal);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Believe(forged));
    }

    [Fact]
    public void What_it_is_about_is_named_alike_each_time_and_says_nothing()
    {
        using var key = new PushKey(PushKey.Make());
        using var other = new PushKey(PushKey.Make());

        Assert.Matches("^[A-Za-z0-9_-]{32}$", key.Disguise("room 204815936"));
        Assert.Equal(key.Disguise("room 204815936"), key.Disguise("room 204815936"));
        Assert.NotEqual(key.Disguise("room 204815936"), key.Disguise("room 204815937"));
        Assert.NotEqual(key.Disguise("room 204815936"), other.Disguise("room 204815936"));
    }

    /// <summary>The claims, once the signature is found right.</summary>
    internal static JsonElement Believe(string authorization)
    {
        Assert.StartsWith("vapid t=", authorization, StringComparison.Ordinal);
        var (token, point) = (authorization.Split(", k=")[0]["vapid t=".Length..], Bytes(authorization.Split(", k=")[1]));
        var parts = token.Split('.');
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Bytes(parts[2]), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        return JsonDocument.Parse(Bytes(parts[1])).RootElement;
    }

    private static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text);

    private static ECDiffieHellman Key(string secret, string point) =>
        ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Bytes(secret), Q = new ECPoint { X = Bytes(point)[1..33], Y = Bytes(point)[33..] } });
}
