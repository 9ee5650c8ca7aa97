-- What somebody does in Neovim with a wrong context, and what they see. Run by scripts/test-neovim.

local function say(text) io.stdout:write(text .. "\n") end

local function wait(what, is_so)
  if not vim.wait(20000, is_so, 20) then
    say("waited in vain for " .. what)
    vim.cmd("cquit!")
  end
end

local function problems(title)
  say("\n" .. title)
  for _, one in ipairs(vim.diagnostic.get(0)) do
    local text = one.message:gsub("\n", "\n      ")
    say(string.format("  %d:%d %s", one.lnum + 1, one.col + 1, text))
  end
end

-- Asks the server about the place of the cursor, and waits for the answer.
local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params or vim.lsp.util.make_position_params(), 20000)
  for _, answer in pairs(answers or {}) do
    if answer.error then return answer.error.message end
    return answer.result
  end
end

wait("the server", function() return #vim.lsp.buf_get_clients(0) > 0 or next(vim.lsp.buf_get_clients(0)) ~= nil end)
wait("problems", function() return #vim.diagnostic.get(0) == 2 end)
problems("opened " .. vim.fn.expand("%") .. ":")

vim.fn.search("replica:")
say("\nthe fix under the cursor:")
local range = vim.lsp.util.make_range_params()
range.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics() }
for _, action in ipairs(ask("textDocument/codeAction", range)) do
  say("  " .. action.title)
  vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
end
say("  " .. vim.api.nvim_get_current_line())
wait("the fixed text to be checked", function() return #vim.diagnostic.get(0) == 1 end)

vim.fn.search("cpu_per_process:")
vim.api.nvim_set_current_line("cpu_per_process: 1000")
wait("the text to be right", function() return #vim.diagnostic.get(0) == 0 end)
problems("after 1000m became 1000: no problem")

say("\nhover on cpu_per_process:")
for _, line in ipairs(vim.lsp.util.convert_input_to_markdown_lines(ask("textDocument/hover").contents)) do
  say("  " .. line)
end

say("\ngo to the rendered object:")
for _, place in ipairs(ask("textDocument/definition")) do
  vim.lsp.util.jump_to_location(place, "utf-16")
  say(string.format("  %s:%d", vim.fn.expand("%:t"), vim.fn.line(".")))
  say("  " .. vim.api.nvim_get_current_line())
  vim.cmd("buffer #")
end

say("\ncompletion of `tolera` in a template:")
vim.fn.search("deployment_template:")
local line = vim.fn.line(".")
vim.api.nvim_buf_set_lines(0, line, line, false, { "  spec: {template: {spec: {tolera}}}" })
vim.api.nvim_win_set_cursor(0, { line + 1, 33 })
for _, item in ipairs(ask("textDocument/completion")) do
  if item.label:match("^tolera") then say("  " .. item.label .. "  " .. item.detail) end
end
vim.cmd("qall!")
