"""The one key by which request handlers find the site."""

from aiohttp import web

from sandbox.site import Site

SITE = web.AppKey("site", Site)
