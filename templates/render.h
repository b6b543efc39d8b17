#pragma once

#include "core/ids.h"
#include "core/secret.h"
#include "core/traits.h"
#include "templates/message.h"

#include <string>
#include <string_view>

namespace slipway::templates {

/// Markdown for a forge: fitted to its limits, escaped for its dialect.
std::string to_markdown(const Message& message, const Traits& traits);
/// A fragment for a page.
std::string to_html(const Message& message);
/// For a terminal, at most `width` columns where text can be wrapped; colours when asked.
std::string to_terminal(const Message& message, bool colours, std::size_t width = 100);

/// One line, for the issue that a ProjectIssue is the body of.
std::string issue_title(const ProjectIssue& issue);

/// What the "Next" column says for a report's state: a sentence per state.
std::string next_step(const ProjectReport& report, const std::string& command);

/// First line of our comments: an HTML comment that binds repository, pull request and slot to our key.
struct Marker {
  PullId pull;
  std::string slot;  // "sticky", or a short comment's key
};
/// The part that never changes through the life of a comment (what `find_comment` looks for).
std::string marker_start(const Marker& marker, const Secret& key);
std::string marker_line(const Marker& marker, const Sha& head, const Secret& key);
/// Does this body begin with a marker that our key made for this pull request and slot?
bool is_ours(std::string_view body, const Marker& marker, const Secret& key);

}  // namespace slipway::templates
