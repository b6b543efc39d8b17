#include "bot/cli/cli.h"
#include "core/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace slipway::cli {
namespace {

spdlog::level::level_enum level_of(log::Level level) {
  switch (level) {
    case log::Level::Debug:
      return spdlog::level::debug;
    case log::Level::Info:
      return spdlog::level::info;
    case log::Level::Warning:
      return spdlog::level::warn;
    case log::Level::Error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

/// A value as one word: quoted when it has spaces; what could end the line or colour the terminal is escaped.
std::string value_of(const std::string& value) {
  std::string out;
  bool quote = value.empty();
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    quote = quote || c == ' ' || c == '"' || c == '=';
  }
  return quote ? '"' + out + '"' : out;
}

}  // namespace

void log_to_stderr(bool verbose) {
  const auto logger = spdlog::stderr_logger_mt("slipway");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
  logger->set_level(verbose ? spdlog::level::debug : spdlog::level::info);
  logger->flush_on(spdlog::level::debug);
  log::install([logger](log::Level level, std::string_view text, log::Fields fields) {
    std::string line(text);
    for (const auto& [name, value] : fields) line += fmt::format(" {}={}", name, value_of(value));
    logger->log(level_of(level), line);
  });
}

}  // namespace slipway::cli
