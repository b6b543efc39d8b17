#include "bot/web/site.h"

namespace slipway::web {

void add_pages(net::Router&, const Site&) {}

}  // namespace slipway::web
