#pragma once

#include "bot/net/router.h"
#include "bot/web/tally.h"
#include "bot/work/tools.h"

#include <atomic>
#include <string>

namespace slipway::web {

/// What the routes share. Everything outlives the server.
struct Site {
  const work::Tools& tools;
  Tally& tally;
  const std::atomic<bool>& closing;  // a shutdown began: webhooks are answered 503
};

/// Each adds its routes (contract.md, "Routes").
void add_webhooks(net::Router& router, const Site& site);
void add_state_backend(net::Router& router, const Site& site);
void add_discovery(net::Router& router, const Site& site);
void add_health(net::Router& router, const Site& site);
void add_pages(net::Router& router, const Site& site);

/// Wraps a handler with `access:`: a bearer token, or the password of basic authentication, that may do
/// `what`.
net::Handler guarded(const Site& site, std::string what, net::Handler handler);

}  // namespace slipway::web
