#pragma once

#include "bot/change/decide.h"

#include <string>

namespace slipway::change {

void on(Draft& draft, const event::Commanded& event);

/// Answers the person alone, under the command.
void reply(Draft& draft, const event::Commanded& event, std::string text);
/// 👎 on the command and why.
void refuse(Draft& draft, const event::Commanded& event, std::string why);

/// May this person confirm what nobody reviewed? (`confirm:`) Empty: yes; else why not.
std::string may_confirm(const Draft& draft, const event::Commanded& event);

}  // namespace slipway::change
