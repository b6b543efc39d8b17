#pragma once

#include <array>
#include <string_view>

namespace slipway::runner {

/// What every run sees of the server's disk, read-only.

/// Programs and libraries; on merged systems all but the first are links into it.
inline constexpr std::array kSystemDirectories = {"/usr",   "/bin",   "/sbin",  "/lib",
                                                  "/lib32", "/lib64", "/libx32"};

/// Of /etc: libraries, name resolution, TLS, the time.
inline constexpr std::array kSettingFiles = {
    "/etc/ld.so.cache",  "/etc/hosts",           "/etc/resolv.conf",      "/etc/nsswitch.conf",
    "/etc/host.conf",    "/etc/gai.conf",        "/etc/services",         "/etc/protocols",
    "/etc/mime.types",   "/etc/localtime",       "/etc/timezone",         "/etc/krb5.conf",
    "/etc/ssl/cert.pem", "/etc/ssl/openssl.cnf", "/etc/pki/tls/cert.pem", "/etc/pki/tls/openssl.cnf",
};

/// Of /etc: which of several programs a name means, and certificates (never the private keys beside them).
inline constexpr std::array kSettingDirectories = {"/etc/alternatives",    "/etc/ssl/certs",
                                                   "/etc/ca-certificates", "/etc/pki/ca-trust",
                                                   "/etc/pki/tls/certs",   "/etc/crypto-policies"};

inline constexpr std::string_view kSystemPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

}  // namespace slipway::runner
