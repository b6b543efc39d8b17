#include "vcs/fetch.h"

#include "core/failure.h"
#include "core/log.h"
#include "vcs/text.h"

#include <fmt/format.h>

#include <csignal>

namespace slipway::vcs {
namespace {

constexpr std::uint64_t kIndexRoom = 1u
                                     << 20;  // above the pack's limit, so that it is the pack that is named

Failure too_large(const FetchRequest& request) {
  return Failure(
      fmt::format("what was to be fetched is larger than the limit of {} MiB", request.pack_bytes >> 20));
}

Failure failure_of(const FetchRequest& request, const FetchAnswer& answer) {
  const std::string words = one_line(answer.words, 300);
  switch (answer.trouble) {
    case FetchTrouble::Credentials:
      return Failure(words + ". Look at the forge's `token:` in slipway.yaml: git needs it to read contents");
    case FetchTrouble::NotFound:
      return Failure(words + ". The repository is not there, or the forge's token may not see it");
    case FetchTrouble::Certificate:
      return Failure(words + ". A private authority is named by the forge's `ca_file:` in slipway.yaml");
    case FetchTrouble::TooLarge:
      return too_large(request);
    case FetchTrouble::None:
    case FetchTrouble::Other:
      break;
  }
  return Failure(words, Retry::Later);
}

}  // namespace

void fetch(Children& children, const FetchRequest& request, std::chrono::seconds time, std::stop_token stop) {
  ChildRequest ask;
  ask.name = "fetch";
  ask.input = request.to_json().dump();
  ask.time_limit = time;
  ask.memory_limit = kFetchMemory;
  ask.file_limit = request.pack_bytes + kIndexRoom;
  const ChildAnswer child = children.ask(ask, stop);
  if (child.timed_out)
    throw Failure(fmt::format("the git server did not finish within {} s", time.count()), Retry::Later);
  if (child.signal == SIGXFSZ) throw too_large(request);
  const auto answer = FetchAnswer::from_json(child.output);
  if (!answer)
    throw Failure(fmt::format("git's child ended with code {}, signal {}: {}", child.code, child.signal,
                              one_line(child.errors, 300)),
                  Retry::Later);
  if (answer->trouble != FetchTrouble::None) throw failure_of(request, *answer);
  log::debug("fetched", {{"url", request.url},
                         {"objects", std::to_string(answer->objects)},
                         {"bytes", std::to_string(answer->bytes)}});
}

}  // namespace slipway::vcs
