#include "core/log.h"

namespace slipway::log {
namespace {

Sink& sink() {
  static Sink installed;
  return installed;
}

void write(Level level, std::string_view text, Fields fields) {
  if (sink()) sink()(level, text, fields);
}

}  // namespace

void install(Sink new_sink) { sink() = std::move(new_sink); }

void debug(std::string_view text, Fields fields) { write(Level::Debug, text, fields); }
void info(std::string_view text, Fields fields) { write(Level::Info, text, fields); }
void warning(std::string_view text, Fields fields) { write(Level::Warning, text, fields); }
void error(std::string_view text, Fields fields) { write(Level::Error, text, fields); }

}  // namespace slipway::log
