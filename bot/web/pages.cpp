#include "bot/web/log_stream.h"
#include "bot/web/site.h"
#include "bot/work/report.h"
#include "core/version.h"
#include "templates/page.h"
#include "templates/render.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::web {
namespace {

constexpr std::size_t kRowsShown = 50;

/// A state's colour: what needs a person, what is under way, what is well.
std::string_view look_of(const ChangeState& state) {
  const std::string_view name = name_of(state);
  for (const std::string_view bad : {"PlanFailed", "ApplyFailed", "Interrupted"})
    if (name == bad) return "bad";
  for (const std::string_view waits : {"Blocked", "AwaitingConfirm", "Degraded"})
    if (name == waits) return "warn";
  for (const std::string_view good : {"Ready", "NoChanges", "Applied", "Done"})
    if (name == good) return "good";
  return "quiet";
}

std::string_view state_of(PullState state) {
  switch (state) {
    case PullState::Open:
      return "open";
    case PullState::Merged:
      return "merged";
    case PullState::Closed:
      return "closed";
  }
  return "";
}

/// 2026-11-22 12:53:00 UTC
std::string second_of(Time time) {
  std::string text = to_rfc3339(time);
  text[text.find('T')] = ' ';
  return text.substr(0, text.find('.')) + " UTC";
}

/// Mustache has no test for emptiness: lists come with a flag of their name.
void put(Json& to, const std::string& name, Json::Array items) {
  to[name + "?"] = !items.empty();
  to[name] = std::move(items);
}

Json shown(const store::RunRow& run) {
  const bool running = !run.ended;
  return Json::object({{"id", run.id},
                       {"kind", run.kind},
                       {"change", to_string(run.change)},
                       {"outcome", running ? "running" : run.outcome},
                       {"look", running               ? "quiet"
                                : run.outcome == "ok" ? "good"
                                                      : "bad"},
                       {"summary", run.summary},
                       {"started", second_of(run.started)},
                       {"ended", run.ended ? Json(second_of(*run.ended)) : Json()},
                       {"commit", short_sha(run.commit)},
                       {"actor", run.actor}});
}

class Pages {
 public:
  explicit Pages(const Site& site) : site_(site) {}

  net::Response front() const {
    Json data = base("Overview");
    data["webhooks"] = site_.tools.config.public_url + "/webhooks/github";
    Json::Array refused;
    for (const auto& [why, count] : site_.tally.counts())
      if (why != "accepted" && why != "seen_before")
        refused.push_back(Json::object({{"why", why}, {"count", count}}));
    put(data, "refused", std::move(refused));
    site_.tools.store.read([&](const store::Snapshot& rows) {
      put(data, "freezes", freezes(rows, site_.tools.clock.now()));
      put(data, "pulls", pulls(rows));
      put(data, "dead", dead(rows));
      put(data, "deliveries", deliveries(rows));
      Json::Array runs;
      for (const store::RunRow& run : rows.runs.recent(kRowsShown)) runs.push_back(shown(run));
      put(data, "runs", std::move(runs));
    });
    return net::Response::html(200, templates::page("front", data));
  }

  net::Response pull(const net::Request& request) const {
    const std::string& rest = request.parameters.at("rest");
    const auto slash = rest.rfind('/');
    if (slash == std::string::npos) return missing();
    const auto path = parse_repo_path(rest.substr(0, slash));
    if (!path) return missing();
    const PullId id{{request.parameters.at("forge"), *path}, std::atoll(rest.c_str() + slash + 1)};
    const auto report = work::build_report(site_.tools, id, work::Detail::Bodies);
    if (!report) return missing();
    Json data = base(to_string(id));
    data["id"] = to_string(id);
    data["heading"] = report->pull.title;
    data["author"] = report->pull.author;
    data["url"] = report->pull.url;
    data["report"] = templates::to_html(*report);
    Json::Array runs;
    site_.tools.store.read([&](const store::Snapshot& rows) {
      for (const store::RunRow& run : rows.runs.of_pull(id)) runs.push_back(shown(run));
    });
    data["runs"] = std::move(runs);
    return net::Response::html(200, templates::page("pull", data));
  }

  net::Response run(const net::Request& request) const {
    const RunId& id = request.parameters.at("id");
    std::optional<store::RunRow> row;
    site_.tools.store.read([&](const store::Snapshot& rows) { row = rows.runs.find(id); });
    if (!row) return missing();
    Json data = shown(*row);
    data.object_members().merge(base(row->kind + " " + id).object_members());
    data["page"] = site_.tools.pull_url(row->change.pull);
    data["live"] = !row->ended;
    if (row->ended) data["log"] = whole_log(site_.tools, id);
    return net::Response::html(200, templates::page("run", data));
  }

 private:
  Json base(const std::string& title) const {
    return Json::object({{"title", title},
                         {"version", std::string(kVersion)},
                         {"sandbox", site_.tools.terraform.level().words}});
  }

  net::Response missing() const {
    return net::Response::text(404, "There is nothing here. It may have been forgotten since.\n");
  }

  Json::Array pulls(const store::Snapshot& rows) const {
    Json::Array out;
    for (const store::PullRow& row : rows.pulls.recent(kRowsShown)) {
      Json::Array projects;
      for (const Change& change : rows.changes.of_pull(row.pull.id)) {
        projects.push_back(Json::object({{"name", to_string(change.id.project)},
                                         {"state", std::string(name_of(change.state))},
                                         {"look", std::string(look_of(change.state))}}));
      }
      out.push_back(Json::object({{"id", to_string(row.pull.id)},
                                  {"page", site_.tools.pull_url(row.pull.id)},
                                  {"heading", row.pull.title},
                                  {"state", row.pull.draft ? "draft" : std::string(state_of(row.pull.state))},
                                  {"projects", std::move(projects)},
                                  {"updated", second_of(row.pull.updated)}}));
    }
    return out;
  }

  static Json::Array freezes(const store::Snapshot& rows, Time now) {
    Json::Array out;
    for (const Freeze& freeze : rows.freezes.all()) {
      if (!freeze.holds(now)) continue;
      out.push_back(Json::object({{"what", to_string(freeze.scope)},
                                  {"reason", freeze.reason},
                                  {"by", freeze.by},
                                  {"since", second_of(freeze.since)},
                                  {"until", freeze.until ? second_of(*freeze.until) : "until a thaw"}}));
    }
    return out;
  }

  static Json::Array dead(const store::Snapshot& rows) {
    Json::Array out;
    for (const store::DeadJob& dead : rows.jobs.dead(kRowsShown)) {
      out.push_back(Json::object({{"id", dead.job.id},
                                  {"kind", dead.job.kind},
                                  {"lane", dead.job.lane},
                                  {"error", dead.job.error},
                                  {"died", second_of(dead.died)}}));
    }
    return out;
  }

  static Json::Array deliveries(const store::Snapshot& rows) {
    Json::Array out;
    for (const store::Received& received : rows.inbox.list(0, kRowsShown)) {
      out.push_back(Json::object({{"id", received.delivery.id},
                                  {"event", received.delivery.event},
                                  {"outcome", received.handled ? received.outcome : "waiting"},
                                  {"received", second_of(received.delivery.received)}}));
    }
    return out;
  }

  Site site_;
};

net::Response served(std::string_view name, std::string type) {
  net::Response response = net::Response::text(200, std::string(templates::asset(name)));
  response.headers = {{"Content-Type", std::move(type)}, {"Cache-Control", "max-age=300"}};
  return response;
}

}  // namespace

void add_pages(net::Router& router, const Site& site) {
  const Pages pages(site);
  router.add("GET", "/", guarded(site, "pages", [pages](const net::Request&) { return pages.front(); }));
  router.add("GET", "/pulls/{forge}/{rest...}",
             guarded(site, "pages", [pages](const net::Request& request) { return pages.pull(request); }));
  router.add("GET", "/runs/{id}",
             guarded(site, "pages", [pages](const net::Request& request) { return pages.run(request); }));
  router.add("GET", "/runs/{id}/log", guarded(site, "pages", [site](const net::Request& request) {
               return stream_log(site.tools, request.parameters.at("id"));
             }));
  router.add("GET", "/assets/style.css",
             [](const net::Request&) { return served("style.css", "text/css; charset=utf-8"); });
  router.add("GET", "/assets/live.js",
             [](const net::Request&) { return served("live.js", "text/javascript; charset=utf-8"); });
}

}  // namespace slipway::web
