#include "bot/web/log_stream.h"

#include "bot/work/run_log.h"

#include <fmt/format.h>

#include <memory>

namespace slipway::web {
namespace {

/// The parts that are there, from one on, and whether more will come.
struct Parts {
  std::vector<Sealed> parts;
  bool ended = true;
};

Parts parts_from(const work::Tools& tools, const RunId& run, std::int64_t from) {
  Parts out;
  tools.store.read([&](const store::Snapshot& rows) {
    const auto row = rows.runs.find(run);
    out.ended = !row || row->ended;
    out.parts = rows.runs.log(run, from);
  });
  return out;
}

}  // namespace

std::string whole_log(const work::Tools& tools, const RunId& run) {
  std::string out;
  for (const Sealed& part : parts_from(tools, run, 0).parts) out += work::open_log(tools.keyring, part);
  return out;
}

net::Response stream_log(const work::Tools& tools, const RunId& run) {
  net::Response response;
  response.headers = {{"Content-Type", "text/event-stream; charset=utf-8"}, {"Cache-Control", "no-store"}};
  response.stream = [&tools, run, next = std::int64_t{0},
                     ended = false]() mutable -> std::optional<std::string> {
    if (ended) return {};
    const Parts now = parts_from(tools, run, next);
    std::string out;
    for (const Sealed& part : now.parts)
      out += fmt::format("id: {}\ndata: {}\n\n", next++, Json(work::open_log(tools.keyring, part)).dump());
    if (now.ended) {
      ended = true;
      out += "event: end\ndata: 1\n\n";
    }
    return out;
  };
  return response;
}

}  // namespace slipway::web
