#pragma once

#include "bot/net/url.h"
#include "core/http_client.h"

#include <string>
#include <string_view>

namespace slipway::net {

/// Request line, headers, body. Host and Content-Length are ours alone, User-Agent if the caller names none.
/// Throws Failure where a method or header would be read as something else than was meant.
std::string print_request(const HttpRequest& request, const Url& url);

/// Twice does what once does (RFC 9110, 9.2.2): it may be sent again when nobody knows what became of it.
bool is_idempotent(std::string_view method);

}  // namespace slipway::net
