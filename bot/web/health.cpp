#include "bot/web/site.h"
#include "core/failure.h"
#include "core/version.h"

#include <fmt/format.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace slipway::web {
namespace {

/// Below this much of free disk the server says that it is not ready.
constexpr std::uintmax_t kMinFreeBytes = 64u << 20;

/// What keeps this server from doing work; empty: nothing.
std::string unready(const Site& site) {
  if (site.closing) return "shutting down";
  const store::Health health = site.tools.store.health();
  if (!health.writable) return "store: " + health.words;
  std::error_code error;
  const auto space = std::filesystem::space(site.tools.config.data_dir, error);
  if (error) return "disk: " + error.message();
  if (space.available < kMinFreeBytes) return fmt::format("disk: {} bytes are free", space.available);
  try {
    site.tools.terraform.version(config::RepoConfig().terraform);
  } catch (const Failure& failure) {
    return fmt::format("terraform: {}", failure.what());
  }
  return {};
}

prometheus::MetricFamily family(std::string name, std::string help, prometheus::MetricType type) {
  prometheus::MetricFamily out;
  out.name = std::move(name);
  out.help = std::move(help);
  out.type = type;
  return out;
}

void gauge(prometheus::MetricFamily& to, std::vector<prometheus::ClientMetric::Label> labels, double value) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.gauge.value = value;
  metric.counter.value = value;
  to.metric.push_back(std::move(metric));
}

std::string metrics(const Site& site) {
  using prometheus::MetricType;
  std::vector<prometheus::MetricFamily> families;
  auto info = family("slipway_info", "The program's version.", MetricType::Gauge);
  gauge(info, {{"version", std::string(kVersion)}}, 1);
  families.push_back(std::move(info));

  auto deliveries =
      family("slipway_deliveries_total", "Webhook deliveries by what became of them.", MetricType::Counter);
  for (const auto& [outcome, count] : site.tally.counts())
    gauge(deliveries, {{"outcome", outcome}}, static_cast<double>(count));
  families.push_back(std::move(deliveries));

  auto jobs = family("slipway_jobs", "Jobs by state.", MetricType::Gauge);
  auto changes = family("slipway_changes", "Changes that are under way or wait for somebody, by state.",
                        MetricType::Gauge);
  auto freezes = family("slipway_freezes", "Freezes that hold back applies.", MetricType::Gauge);
  auto machines = family("slipway_machines", "Machines that the recorded states hold.", MetricType::Gauge);
  site.tools.store.read([&](const store::Snapshot& rows) {
    gauge(jobs, {{"state", "waiting"}}, static_cast<double>(rows.jobs.count(JobState::Waiting)));
    gauge(jobs, {{"state", "running"}}, static_cast<double>(rows.jobs.count(JobState::Running)));
    gauge(jobs, {{"state", "dead"}}, static_cast<double>(rows.jobs.count(JobState::Dead)));
    constexpr std::size_t kCounted = 10'000;
    for (const char* state :
         {"Planning", "Queued", "Applying", "AwaitingConfirm", "ApplyFailed", "Interrupted", "Degraded"})
      gauge(changes, {{"state", state}}, static_cast<double>(rows.changes.in({state}, kCounted).size()));
    const auto all = rows.freezes.all();
    const Time now = site.tools.clock.now();
    gauge(freezes, {}, static_cast<double>(std::count_if(all.begin(), all.end(), [&](const Freeze& freeze) {
            return freeze.holds(now);
          })));
    std::size_t count = 0;
    for (const StateVersion& version : rows.states.all_latest()) count += version.machines.size();
    gauge(machines, {}, static_cast<double>(count));
  });
  families.push_back(std::move(jobs));
  families.push_back(std::move(changes));
  families.push_back(std::move(freezes));
  families.push_back(std::move(machines));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace

void add_health(net::Router& router, const Site& site) {
  router.add("GET", "/healthz", [](const net::Request&) { return net::Response::text(200, "ok\n"); });
  router.add("GET", "/readyz", [site](const net::Request&) {
    const std::string why = unready(site);
    return why.empty() ? net::Response::text(200, "ok\n") : net::Response::text(503, why + "\n");
  });
  router.add("GET", "/metrics", guarded(site, "metrics", [site](const net::Request&) {
               net::Response response = net::Response::text(200, metrics(site));
               response.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}};
               return response;
             }));
}

}  // namespace slipway::web
