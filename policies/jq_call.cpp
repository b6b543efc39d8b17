#include "policies/jq_call.h"

#include "core/json_reader.h"

#include <fmt/format.h>

#include <csignal>

namespace slipway::policies {
namespace {

/// Why there is no whole answer.
std::string broken(const ChildAnswer& answer, const JqLimits& limits) {
  if (answer.timed_out) return fmt::format("it ran longer than {} s", limits.time.count());
  if (answer.too_much_output) return fmt::format("it yields more than {} MiB", limits.output >> 20);
  if (answer.code == kJqOutOfMemory)
    return fmt::format("it needs more than {} MiB of memory", limits.memory >> 20);
  if (answer.signal == SIGSEGV) return "its process broke, as it does when values nest too deep";
  if (answer.signal == SIGKILL) {
    return fmt::format(
        "it was killed: it took more than {} s of processor time, or the system has no memory left",
        limits.processor_seconds);
  }
  if (answer.signal != 0)
    return fmt::format("its process ended with signal {}: {}", answer.signal, answer.errors);
  return fmt::format("its process ended with exit code {}: {}", answer.code, answer.errors);
}

Result<void> read_end(std::string_view line) {
  const auto end = read_json(line, [](const JsonReader& in) {
    return in["error"].empty() ? ParseError{} : ParseError{in["error"].string(), in["place"].string_or("")};
  });
  if (!end) return tl::unexpected(end.error());
  if (!end->message.empty()) return tl::unexpected(*end);
  return {};
}

}  // namespace

Result<std::vector<std::vector<Json>>> run_jq(Children& children, const JqCall& call, std::stop_token stop) {
  if (call.program.size() > kMaxJqProgram) {
    return refuse(fmt::format("the program is longer than {} KiB", kMaxJqProgram >> 10));
  }
  ChildRequest request;
  request.name = "jq";
  request.input = to_line({call.program, call.arguments, call.document});
  for (const Json& input : call.inputs) request.input += input.dump() + '\n';
  request.time_limit = call.limits.time;
  request.cpu_seconds = call.limits.processor_seconds;
  request.memory_limit = call.limits.memory;
  request.max_output = call.limits.output;
  const ChildAnswer answer = children.ask(request, std::move(stop));
  if (answer.code != 0 || answer.timed_out || answer.too_much_output)
    return refuse(broken(answer, call.limits));

  std::vector<std::string_view> lines;
  std::string_view rest = answer.output;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    lines.push_back(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  if (lines.empty()) return refuse("it gave no answer");
  if (auto end = read_end(lines.back()); !end) return tl::unexpected(end.error());
  lines.pop_back();

  const std::size_t expected = call.document.empty() ? call.inputs.size() : 1;
  if (lines.size() != expected)
    return refuse(fmt::format("it answered {} of {} inputs", lines.size(), expected));
  std::vector<std::vector<Json>> out;
  for (const std::string_view line : lines) {
    auto yielded = parse_json(line);
    if (!yielded) return tl::unexpected(yielded.error());
    if (!yielded->is_array()) return refuse("its answer is no list");
    out.push_back(std::move(yielded->array_items()));
  }
  return out;
}

std::string to_line(const JqHead& head) {
  return Json::object({{"program", head.program}, {"arguments", head.arguments}, {"document", head.document}})
             .dump() +
         '\n';
}

Result<JqHead> read_head(std::string_view line) {
  return read_json(line, [](const JsonReader& in) {
    return JqHead{in["program"].string(), in["arguments"].value(), in["document"].string()};
  });
}

std::string end_line() { return "{}\n"; }

std::string end_line(const ParseError& error) {
  return Json::object({{"error", error.message}, {"place", error.place}}).dump() + '\n';
}

}  // namespace slipway::policies
