-- wrk's peer of submit: each request has a body of its own, read from the file that BENCH_REQUESTS names
-- (signature, TAB, body a line). When the file ends it begins again; the provider then refuses, and wrk counts that.
local file
local headers = {
	["Content-Type"] = "application/json",
	["Key"] = "sandbox-calypso",
}

function init()
	file = assert(io.open(os.getenv("BENCH_REQUESTS"), "rb"))
end

function request()
	local line = file:read("*l")
	if not line then
		file:seek("set")
		line = file:read("*l")
	end
	local tab = line:find("\t", 1, true)
	headers["Sign"] = line:sub(1, tab - 1)
	return wrk.format("POST", nil, headers, line:sub(tab + 1))
end
