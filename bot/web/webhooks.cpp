#include "bot/web/site.h"
#include "core/crypto.h"
#include "core/json.h"
#include "core/json_check.h"
#include "core/log.h"

#include <fmt/format.h>

namespace slipway::web {
namespace {

constexpr int kRetryAfterSeconds = 10;

net::Response busy(const std::string& why) {
  net::Response response = net::Response::text(503, why + "\n");
  response.headers.emplace_back("Retry-After", std::to_string(kRetryAfterSeconds));
  return response;
}

net::Response recorded(int status, const std::string& delivery) {
  return net::Response::json(status, Json::object({{"delivery", delivery}}).dump() + "\n");
}

/// Verifies, writes down, answers: nothing else is done in a request.
class Intake {
 public:
  explicit Intake(const Site& site) : site_(site) {}

  void take(vcs::Host& host, net::Request request, const net::Reply& reply) const {
    if (site_.closing) {
      refuse(reply, busy("Slipway is shutting down; deliver again later."), "closing");
      return;
    }
    const vcs::Deliveries& deliveries = host.deliveries();
    switch (deliveries.check(request.headers, request.body)) {
      case vcs::Signature::Good:
        break;
      case vcs::Signature::Bad:
        refuse(reply,
               net::Response::text(401,
                                   "The signature does not fit: is the webhook's secret the one of "
                                   "`webhook_secret`?\n"),
               "bad_signature");
        return;
      case vcs::Signature::Missing:
        refuse(reply, net::Response::text(401, "There is no SHA-256 signature: give the webhook a secret.\n"),
               "no_signature");
        return;
    }
    const bool form = request.header("content-type").starts_with("application/x-www-form-urlencoded");
    if (!form && !well_formed_json(request.body)) {
      refuse(reply, net::Response::text(400, "The body is no JSON document.\n"), "not_json");
      return;
    }
    store::Delivery delivery;
    delivery.id = deliveries.delivery_id(request.headers);
    if (delivery.id.empty()) delivery.id = sha256_hex(request.body);
    delivery.forge = host.name();
    delivery.event = deliveries.event(request.headers);
    delivery.headers = deliveries.kept(request.headers);
    delivery.received = site_.tools.clock.now();
    delivery.body = std::move(request.body);
    const std::string id = delivery.id;
    site_.tools.store.record(std::move(delivery), [id, reply, &tally = site_.tally](store::Recorded how) {
      switch (how) {
        case store::Recorded::New:
          tally.count("accepted");
          reply(recorded(202, id));
          return;
        case store::Recorded::Seen:
          tally.count("seen_before");
          reply(recorded(200, id));
          return;
        case store::Recorded::Failed:
          tally.count("store_failed");
          reply(busy("The store can't write now; deliver again later."));
          return;
      }
    });
  }

  void refuse(const net::Reply& reply, net::Response response, const std::string& why) const {
    site_.tally.count(why);
    log::info("a delivery was refused", {{"why", why}});
    reply(std::move(response));
  }

 private:
  Site site_;
};

}  // namespace

void add_webhooks(net::Router& router, const Site& site) {
  const Intake intake(site);
  router.add_async("POST", "/webhooks/{forge}",
                   [intake, &hosts = site.tools.hosts](net::Request request, const net::Reply& reply) {
                     const auto host = hosts.find(request.parameters.at("forge"));
                     if (host == hosts.end()) {
                       intake.refuse(reply,
                                     net::Response::text(404, "No forge of that name is in the config.\n"),
                                     "unknown_forge");
                       return;
                     }
                     intake.take(*host->second, std::move(request), reply);
                   });
  // Atlantis' path: the forge is found by the headers that it sends.
  router.add_async(
      "POST", "/events", [intake, &hosts = site.tools.hosts](net::Request request, const net::Reply& reply) {
        for (const auto& [name, host] : hosts) {
          if (!host->deliveries().recognises(request.headers)) continue;
          intake.take(*host, std::move(request), reply);
          return;
        }
        intake.refuse(reply, net::Response::text(400, "The headers are of no configured forge.\n"),
                      "unknown_forge");
      });
}

}  // namespace slipway::web
