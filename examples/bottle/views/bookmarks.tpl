% rebase("layout.tpl")
<p>By <a href="?order=title">title</a> or by <a href="?order=visits">visits</a>; now by {{order}}.</p>
<ul id="bookmarks">
% for bookmark in bookmarks:
  <li><a href="{{url("visit", number=bookmark["id"])}}">{{bookmark["title"]}}</a> <small>{{bookmark["visits"]}} visits</small></li>
% end
</ul>
<form id="add" method="post">
  <input name="url" placeholder="https://">
  <input name="title" placeholder="What is it?">
  <button>Keep</button>
</form>
