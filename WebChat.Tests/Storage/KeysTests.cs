using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebChat.Storage;

namespace WebChat.Tests.Storage;

public sealed class KeysTests
{
    [Fact]
    public async Task With_a_certificate_a_copy_of_the_keys_opens_nothing_and_all_goes_on()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, NewCertificate("hidden"));
        await using var app = new App(("WebChat:Keys:Certificate", file), ("WebChat:Keys:Password", "hidden"), ("WebChat:Storage:Postgres", ""));
        File.Delete(file);

        using var ann = await app.SignUpAsync("keeper");

        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync("/me")).StatusCode);
        var keys = Directory.GetFiles(app.Get<StorageOptions>().KeysDirectory, "*.xml");
        Assert.NotEmpty(keys);
        foreach (var key in keys.Select(File.ReadAllText))
        {
            Assert.Contains("<EncryptedData", key, StringComparison.Ordinal);
            Assert.DoesNotContain("<masterKey", key, StringComparison.Ordinal);
        }
    }

    private static byte[] NewCertificate(string password)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return certificate.Export(X509ContentType.Pkcs12, password);
    }
}
