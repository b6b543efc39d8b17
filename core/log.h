#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace slipway::log {

enum class Level { Debug, Info, Warning, Error };

/// What a line is about, besides its text: {"repo", "github/acme/infra"}.
using Field = std::pair<std::string_view, std::string>;
using Fields = std::initializer_list<Field>;
using Sink = std::function<void(Level, std::string_view text, Fields fields)>;

/// The one process-wide object: `main` installs the spdlog sink, a test its own; before that lines are
/// dropped. Not to be changed while others log.
void install(Sink sink);

void debug(std::string_view text, Fields fields = {});
void info(std::string_view text, Fields fields = {});
void warning(std::string_view text, Fields fields = {});
void error(std::string_view text, Fields fields = {});

}  // namespace slipway::log
