#include "bot/work/vault.h"

#include "core/crypto.h"
#include "core/failure.h"
#include "core/json_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace slipway::work {
namespace {

Json write(const std::vector<Machine>& machines) {
  Json::Array out;
  for (const Machine& machine : machines) out.push_back(machine.to_json());
  return out;
}

std::vector<Machine> read_machines(const JsonReader& in) {
  std::vector<Machine> out;
  for (const JsonReader& item : in.items()) out.push_back(Machine::from_json(item.value()));
  return out;
}

}  // namespace

std::string keep_blob(const Tools& tools, std::string_view purpose, std::string_view bytes) {
  const std::string key = tools.keyring.derive("blob names").reveal();
  const std::string name = to_hex(hmac_sha256(key, std::string(purpose) + '\0' + sha256(bytes)));
  if (!tools.store.blobs().has(name))
    tools.store.blobs().put(name, tools.keyring.seal(purpose, store::compress(bytes)));
  return name;
}

std::string open_blob(const Tools& tools, std::string_view purpose, const std::string& name) {
  return store::decompress(tools.keyring.open(purpose, tools.store.blobs().get(name)), kMaxBlob);
}

std::string keep_file(const Tools& tools, std::string_view purpose, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Failure(fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  return keep_blob(tools, purpose, std::string{std::istreambuf_iterator<char>(in), {}});
}

void open_to_file(const Tools& tools, std::string_view purpose, const std::string& name,
                  const std::string& path) {
  const std::string bytes = open_blob(tools, purpose, name);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) throw Failure(fmt::format("cannot write {}: {}", path, std::strerror(errno)), Retry::Later);
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = ::write(file, bytes.data() + written, bytes.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      ::close(file);
      throw Failure(fmt::format("cannot write {}: {}", path, std::strerror(error)), Retry::Later);
    }
    written += static_cast<std::size_t>(count);
  }
  ::close(file);
}

std::string keep_summary(const Tools& tools, const Summary& summary) {
  const Json json = Json::object(
      {{"plan", summary.plan.to_json()},
       {"joining", write(summary.machines.joining)},
       {"changing", write(summary.machines.changing)},
       {"leaving", write(summary.machines.leaving)},
       {"problems", Json::Array(summary.machines.problems.begin(), summary.machines.problems.end())}});
  return keep_blob(tools, kSummaryPurpose, json.dump());
}

Summary open_summary(const Tools& tools, const std::string& name) {
  const auto document = parse_json(open_blob(tools, kSummaryPurpose, name));
  if (!document) throw Failure("a plan's summary can't be read: " + document.error().text());
  const JsonReader in(*document);
  auto plan = Plan::from_json(in["plan"].value());
  if (!plan) throw Failure("a plan's summary can't be read: " + plan.error().text());
  Summary summary{*std::move(plan), {}};
  summary.machines.joining = read_machines(in["joining"]);
  summary.machines.changing = read_machines(in["changing"]);
  summary.machines.leaving = read_machines(in["leaving"]);
  for (const JsonReader& item : in["problems"].items()) summary.machines.problems.push_back(item.string());
  return summary;
}

}  // namespace slipway::work
