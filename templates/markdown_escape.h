#pragma once

#include <string>
#include <string_view>

namespace slipway::templates {

/// One function per place in which a text can stand. Each takes any bytes and gives text that is only what it
/// shows: no markup, link, mention, reference, HTML or marker can come of it.

/// Our words in a paragraph.
std::string escape_words(std::string_view text);
/// Somebody's words in a paragraph: what a forge could link or draw is shown as code.
std::string escape_said(std::string_view text);
/// A code span in a paragraph, backticks and all.
std::string code_span(std::string_view text);
/// The same in a table's cell, where a code span can't hold every "|".
std::string code_cell(std::string_view text);
std::string escape_said_in_cell(std::string_view text);
/// The body of an HTML element, or an attribute in double quotes, where nothing but HTML is read.
std::string html_entities(std::string_view text);
/// The body of an HTML element, where Markdown doesn't act but forges still link and mention.
std::string escape_html_words(std::string_view text);
std::string escape_html_said(std::string_view text);
/// <code>…</code>, whatever stands around it.
std::string html_code(std::string_view text);
/// A link's destination; empty when it is not http or https.
std::string link_destination(std::string_view url);
/// "@login", or code when that is no login.
std::string mention(std::string_view login);
/// Backticks for a fence around these lines: longer than any run of them within.
std::string fence_for(std::size_t longest_run);
std::size_t longest_backtick_run(std::string_view text);

}  // namespace slipway::templates
