#pragma once

#include "bot/web/site.h"
#include "core/crypto.h"
#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"

#include <future>
#include <string>

namespace slipway::web {

/// Every route over a world in memory, without a socket.
struct SiteRoom {
  SiteRoom() {
    world.start([this] { return store::open_sqlite(world.data_dir()); });
    const Site site{world.tools(), tally, closing};
    add_webhooks(router, site);
    add_state_backend(router, site);
    add_discovery(router, site);
    add_health(router, site);
    add_pages(router, site);
  }

  net::Response ask(net::Request request) {
    const auto match = router.find(request.method, request.path);
    if (match.route == nullptr) return net::Response::text(404, "no route");
    request.parameters = match.parameters;
    if (match.route->handler) return match.route->handler(request);
    std::promise<net::Response> answer;
    match.route->async(std::move(request),
                       [&answer](net::Response response) { answer.set_value(std::move(response)); });
    return answer.get_future().get();
  }
  net::Response get(const std::string& path) {
    net::Request request;
    request.method = "GET";
    request.path = path;
    return ask(std::move(request));
  }

  work::World world;
  Tally tally;
  std::atomic<bool> closing = false;
  net::Router router;
};

}  // namespace slipway::web
