#pragma once

#include "bot/change/commanded.h"

#include <string>
#include <string_view>
#include <vector>

namespace slipway::commands {

/// A comment command. A new one is a file with its step and a line in registry.cpp: grammar, help and
/// permission follow.
struct CommandKind {
  std::string_view name;  // plan
  std::vector<std::string_view> aliases;
  std::string_view arguments;  // "[PLAN_ID]", as the help shows it
  std::string_view help;       // a sentence
  std::size_t max_words = 0;   // positional arguments
  bool flags = false;          // Terraform arguments after "--" are allowed
  bool force = false;          // `--force` is allowed
  bool lasts = false;          // `--for DURATION` is allowed
  bool for_everybody = false;  // no write access is needed
  change::CommandStep step = nullptr;
};

const std::vector<CommandKind>& command_kinds();
/// By name or alias; nullptr when there is none.
const CommandKind* find_command(std::string_view word);

void plan_step(change::Draft& draft, const change::event::Commanded& event);
void apply_step(change::Draft& draft, const change::event::Commanded& event);
void approve_step(change::Draft& draft, const change::event::Commanded& event);
void discard_step(change::Draft& draft, const change::event::Commanded& event);
void unlock_step(change::Draft& draft, const change::event::Commanded& event);
void freeze_step(change::Draft& draft, const change::event::Commanded& event);
void thaw_step(change::Draft& draft, const change::event::Commanded& event);
void help_step(change::Draft& draft, const change::event::Commanded& event);
void version_step(change::Draft& draft, const change::event::Commanded& event);

}  // namespace slipway::commands
