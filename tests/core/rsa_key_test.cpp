#include "core/rsa_key.h"

#include "core/crypto.h"
#include "tests/app_key.h"

#include <catch2/catch.hpp>

namespace slipway {
namespace {

constexpr std::string_view kOfACurve = R"(-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIPCKaupyjcen5IQbBrNuunyKP8qXb7TSnaDFRZdXfvb+oAoGCCqGSM49
AwEHoUQDQgAEY+58/WAZl4JKwDBbDqEewqsFprynjc1gmq5SY4vqBd2iIO8d6PxG
9WvYPnPOrcxxgf7fbV8DDnE0fVN+RZ0o5Q==
-----END EC PRIVATE KEY-----
)";
constexpr std::string_view kWithAPassphrase = R"(-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,D4224A49F120E92847703B1BAFAF3BDA

4K5f2B6JnPwa94VTUcgU04L1jwl/0C3Eo20Df6WMuVZS6dOicDozgH2cICHgDA8E
2eKH/DjXBcm0uKHbZRFxQQsa7NvGF++TuA0RX0i1/KjGRc01zCnUagq1MnmP3g/x
4oSNwHKgUSlaDJW2tgfhOHKZMS/1DNfSY86vRxatMR4FSCi1Yr1sQDSS2Vz/aLAf
TDSaM5o2CjfOvcRQLEicSS8Lzf5L0vkbMcCzAD5iACg7SAv4gFy15Fy299zzjFep
LJxG7+0pS3SKoM3kt0pvFn0vVDS5eEbunkPpI2L+4F1FHjWs96SMmV0w9TaTipco
XvWDVbt0r1+2vzS65h8kFj6QK1rIRVzVQjzy7yGUsXN7ukuqKS/Lscm2IbG3QEeM
hT4KjZpQCNuRkdSCJAltzgUUKI7pyiRECfs750dtFDV5vuGP6xxiyr/6xvrs3NC1
gsstoHiRLUGKmUhWhBGuIi/kKi+fUoZaFL5ye3auP3H4S6oZwu3h1ZaZhTNwGu5b
wPtPfe26TwmBZVyP1k/PucWtiaofICmOeTAwJo0+jUnkxXRAkTFcS7RJEaVz59Sk
BBvkfwZ4EgKmBYOhkkJynQi9DgraUdG6Lymi4298jKaZ++Icckct94rbKVMHoLRW
S01M9p39jQA5EpFowQ904QNEcGxPaEhveueb4YNekSudAg+sYI7qTYQZa5CHcs3f
xD4sWQfz32R053qgvmpyS5UwwfdA41xs+FJ2lmcosLU80vsjKN8DrwuR/zvrxaIu
LSQVwiDNi0YizdNfbW6RmuidGF11jazw+ZiP183GNxc6J8zDfe9gV1inCdPudKrq
-----END RSA PRIVATE KEY-----
)";
constexpr std::string_view kShort = R"(-----BEGIN RSA PRIVATE KEY-----
MIICXAIBAAKBgQC/oby0ww8mDTEDHrR5XX0GlayW6NWG1YtZHsyPPWsLIXaMYin4
o5ujkH1jez88Pszfqa4PdAnEozZ/THS+DKj6S9s7tnWzexiXagrdumxsUXQVNiuU
gwN3NrpnKZpn3wCwG75340WnacvoZGiLH8S8H4sv7Ip0LTFhGRvye3DeQwIDAQAB
AoGBAJbb89v2B1H0ZpZHMNquf4OUhwdSiu6X5Binx3AocMGVeWcwzEviON9+G0ga
uYBrDAwz30RpHFuCBaAXh3wqKUdqd1t1AWpuSdHDEEROEVDXbVP6n5wbtBNZ5ILS
+OZQ6jhkclDZDrEaetzrIj1GKVvVmuuIDEaPW4XKpYrbtaqBAkEA/Kj31gCqd93q
7oVZTb1E0bVBubM5vCOz8xX3SwpOw/jAvljBh35DWS+JqEy1YSoXPht1bkhAlRnM
8XKDzfNLQQJBAMIqPfrwhSqGvBQQxYSqwOcducTTqPwneNh5wYpC53Zqtxu6U44X
Cek5K2TWevHLAgLNM0lC6He0jZboAm1mXIMCQF2CL49NWcnZIPy774w88z5lxfhz
Y3fFAvGBfK+SFgqjgrov4RhDW6ujU2AtW6elS0raIMD7DqPgE6B8kFllpMECQBFR
HSgFTYsmax3LBSK46+1w7EGOsxKSHqgH6+f94ZDhIaWab5tLmLmxPJqIunxYI7zG
Ol29VuheNQaReK3zJCsCQH5hw7RIzIDWH17/hV9LdLjDr5iYGusC43h8giH/SG88
Xjo1b//Se8cKLf1/ZvzaibjLPNLUxsb2u7wOddT4vFc=
-----END RSA PRIVATE KEY-----
)";

Result<RsaKey> read(std::string_view pem) { return RsaKey::from_pem(Secret(std::string(pem))); }

std::string complaint(std::string_view pem) {
  const auto key = read(pem);
  return key ? "" : key.error().text();
}

}  // namespace

TEST_CASE("a signature is the one that openssl makes") {
  const auto key = read(kAppKey);
  REQUIRE(key);
  CHECK(to_hex(key->sign_sha256("signed by us")) ==
        "5e66a7082a62c447d72cb5eb72d9fcb9e91090dfa85a09d1a5d0a83a784d22bd5fc97f76d71b3383"
        "9a7dd74d5a4eb943b9e9e770f95b58b2bcd57f133037bd0079f7b8b39ce256d5687b721cef0f1675"
        "2a5af2a252d1ca89bf81b475d733cced970e1a597b0955201394ba79134c640e8cd239f0f0a3c4be"
        "5060ae3e0235eeeaa28386722722e80b0ac300f68316cd11be6cbf8b9c3ce6e7455327faaad41292"
        "487a2ff9a7baac3210ca18cf0e34dd3d5c0a1f9d45ab242a4bbce366398634f85d299de5546a8644"
        "6a0b7f8556541b65b64dc4bd79787c47990880b66e7c8f8a4da0ec76c7a594aa397e81dea607dd0f"
        "d02f0fe40af61eb579130f9449c6a313");
}

TEST_CASE("both ways to write a private key down are read") {
  const auto key = read(kOtherAppKey);
  REQUIRE(key);
  CHECK(key->sign_sha256("a").size() == 256);
  CHECK(key->sign_sha256("a") != key->sign_sha256("b"));
}

TEST_CASE("what is no private RSA key is refused with the reason, and nobody is asked for a passphrase") {
  CHECK(complaint("") == "it holds no private key in PEM without a passphrase");
  CHECK(complaint("ghp_0123456789") == "it holds no private key in PEM without a passphrase");
  CHECK(complaint(kWithAPassphrase) == "it holds no private key in PEM without a passphrase");
  CHECK(complaint(std::string(kAppKey).substr(0, 400)) ==
        "it holds no private key in PEM without a passphrase");
  CHECK(complaint(kOfACurve) == "its key is not an RSA key");
  CHECK(complaint(kShort) == "its RSA key has less than 2048 bits");
}

}  // namespace slipway
